// Search while typing: Ctrl+K, arrows, Enter. Answers come from the JSON API as
// {"results": [{"kind", "label", "detail", "url"}]}; Enter without a choice opens the search page.
import { ask, carried } from './api.js'

const WAIT_MS = 150
const SHORTEST = 2

/** Offer answers under the search box of the top bar. */
export function attachSearch(form) {
  const input = form.querySelector('input[type=search]')
  const list = form.querySelector('.search-results')
  let timer = 0
  let running = null
  let chosen = -1

  const options = () => [...list.querySelectorAll('a')]
  const close = () => {
    list.hidden = true
    chosen = -1
  }
  const choose = (index) => {
    const all = options()
    if (!all.length) return
    chosen = (index + all.length) % all.length
    all.forEach((option, place) => option.setAttribute('aria-selected', String(place === chosen)))
    all[chosen].scrollIntoView({ block: 'nearest' })
  }

  async function find() {
    const words = input.value.trim()
    running?.abort()
    if (words.length < SHORTEST) return close()
    running = new AbortController()
    const query = carried()
    query.set('q', words)
    try {
      const answer = await ask(`${form.dataset.search}?${query}`, { signal: running.signal })
      show(answer.results)
    } catch (error) {
      if (error.name !== 'AbortError') close()
    }
  }

  function show(results) {
    list.replaceChildren(...results.map(asOption))
    if (!results.length) {
      const nothing = document.createElement('div')
      nothing.className = 'drop-head soft'
      nothing.textContent = list.dataset.nothing
      list.append(nothing)
    }
    list.hidden = false
    chosen = -1
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(find, WAIT_MS)
  })
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      choose(chosen + (event.key === 'ArrowDown' ? 1 : -1))
      event.preventDefault()
    } else if (event.key === 'Enter' && chosen >= 0) {
      options()[chosen].click()
      event.preventDefault()
    } else if (event.key === 'Escape') {
      close()
    }
  })
  document.addEventListener('click', (event) => {
    if (!form.contains(event.target)) close()
  })
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      input.focus()
      input.select()
    }
  })
}

function asOption(result) {
  const option = document.createElement('a')
  option.href = result.url
  option.setAttribute('role', 'option')
  const label = document.createElement('span')
  label.textContent = result.label
  const detail = document.createElement('span')
  detail.className = 'soft small'
  detail.textContent = result.detail
  option.append(label, detail)
  return option
}
