// The frame's own script: everything here is a comfort, every page works without it.
import { attachSearch } from './search.js'

const drops = () => document.querySelectorAll('details.drop[open]')

document.addEventListener('click', (event) => {
  for (const drop of drops()) if (!drop.contains(event.target)) drop.open = false
})

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    for (const drop of drops()) {
      drop.open = false
      drop.querySelector('summary').focus()
    }
  }
})

const search = document.querySelector('form[data-search]')
if (search) attachSearch(search)

// a double click on a row's free space opens what its first link leads to
document.addEventListener('dblclick', (event) => {
  const link = event.target.closest('.grid tbody tr')?.querySelector('td.strong a')
  if (link && !event.target.closest('a, button, input')) link.click()
})
