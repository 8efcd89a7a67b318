// The day bar over the map: a slider over the zone's years, steps from change to change, and the frame around in step.
import { datedHref } from '../map/address.js'
import { isDay, isoDay, neighbourDay, ordinal, sliderRange } from '../map/days.js'

const WAIT_MS = 120

/** Attach the bar. `state` is the day shown {as_of, known_at}; `onChange(state)` moves everything. */
export function dayBar(bar, { today, format, state, onChange }) {
  const [slider, input, before, after, text, pick] = ['slider', 'input', 'before', 'after', 'text', 'pick'].map((name) => bar.querySelector(`[data-${name}]`))
  let days = []
  let earlier = null
  let timer = 0
  const current = () => state.as_of ?? today

  function paint(day) {
    slider.value = String(ordinal(day))
    slider.setAttribute('aria-valuetext', format.day(day))
    if (input.value !== day) input.value = day
    text.textContent = format.day(day)
    before.disabled = neighbourDay(days, day, -1) === null
    after.disabled = neighbourDay([...days, today], day, 1) === null
    bar.classList.toggle('elsewhen', day !== today)
  }

  function move(day, wait = 0) {
    if (earlier) {
      bar.dispatchEvent(new Event('held'))
      return
    }
    if (!isDay(day)) return
    paint(day)
    clearTimeout(timer)
    timer = setTimeout(() => {
      state.as_of = day === today ? null : day
      frameInStep(state, format, today)
      onChange(state)
    }, wait)
  }

  slider.addEventListener('input', () => move(isoDay(Number(slider.value)), WAIT_MS))
  input.addEventListener('change', () => move(input.value))
  pick.addEventListener('click', () => input.showPicker())
  before.addEventListener('click', () => move(neighbourDay(days, current(), -1) ?? current()))
  after.addEventListener('click', () => move(neighbourDay([...days, today], current(), 1) ?? current()))
  document.querySelectorAll('.topbar .day form').forEach((form) =>
    form.addEventListener('submit', (event) => {
      const given = new FormData(form)
      if (given.get('known_at')) return // another state of knowledge: the whole page is asked for again
      if (state.known_at) return
      event.preventDefault()
      move(given.get('as_of'))
      form.closest('details').open = false
    }),
  )

  return {
    /** Tell the bar which days brought changes. */
    fill(found) {
      days = found
      const { first, last } = sliderRange(days, today)
      slider.min = String(ordinal(first))
      slider.max = String(ordinal(last))
      paint(current())
    },
    show: () => paint(current()),
    /** Move everything to a day. */
    go: (day) => move(day),
    /** Stay on a day while land is edited as it is on that day; null gives the days back, and the day there was. */
    hold(iso) {
      if (iso) earlier ??= { as_of: state.as_of }
      state.as_of = iso ? (iso === today ? null : iso) : (earlier?.as_of ?? null)
      if (!iso) earlier = null
      bar.classList.toggle('held', Boolean(iso))
      for (const part of [slider, before, after, pick]) part.disabled = Boolean(iso)
      frameInStep(state, format, today)
      paint(current())
    },
  }
}

/** Keep the frame around the map on the same day: its text, its tint, and where its links lead. */
function frameInStep(state, format, today) {
  const day = state.as_of ?? today
  const bar = document.querySelector('.topbar')
  bar?.classList.toggle('elsewhen', Boolean(state.as_of || state.known_at))
  const said = document.querySelector('.topbar .day summary b')
  if (said) said.textContent = format.day(day)
  const field = document.querySelector('.topbar .day [name=as_of]')
  if (field) field.value = day
  for (const link of document.querySelectorAll('.rail a[href], .brand[href], .topbar a[href*="as_of"]')) {
    if (!link.closest('.day')) link.setAttribute('href', datedHref(link.getAttribute('href'), state, document.baseURI))
  }
}
