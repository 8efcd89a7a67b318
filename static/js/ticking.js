// A long list to tick: narrowed while typing, ticked as it stands, with a running sum. Without a script every row is there.
const list = document.querySelector('.tick-list')
const folded = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase()

if (list) {
  const rows = [...list.querySelectorAll('tbody tr')].map((row) => ({ row, box: row.querySelector('input'), words: folded(row.textContent) }))
  const filter = document.getElementById('tick-filter')
  const said = document.querySelector('[data-ticked]')
  const kind = document.getElementById('kind')
  const number = new Intl.NumberFormat(document.documentElement.lang === 'en' ? 'en-GB' : 'vi-VN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

  const tell = () => {
    const chosen = rows.filter(({ box }) => box.checked)
    const area = chosen.reduce((sum, { box }) => sum + Number(box.dataset.area), 0)
    said.textContent = said.dataset.words.replace('%(count)s', String(chosen.length)).replace('%(area)s', number.format(area / 10_000))
  }
  const narrow = () => {
    const words = folded(filter.value).split(/\s+/).filter(Boolean)
    for (const each of rows) each.row.hidden = !words.every((word) => each.words.includes(word))
  }
  const whole = () => {
    document.getElementById('scope').disabled = kind.value === 'overall'
  }
  list.parentElement.querySelector('.tick-tools').hidden = false
  filter.addEventListener('input', narrow)
  filter.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault())
  list.addEventListener('change', tell)
  for (const button of document.querySelectorAll('[data-tick]')) button.addEventListener('click', () => {
    for (const { row, box } of rows) if (button.dataset.tick === 'none') box.checked = false
      else if (!row.hidden) box.checked = true
    tell()
  })
  kind.addEventListener('change', whole)
  whole()
  narrow()
  tell()
}
