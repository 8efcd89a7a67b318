// The small menu of a place on the map: right click, a long press, or the menu key (Shift+F10) at the middle.
import { icon, make } from './elements.js'

const HOLD_MS = 600
const STILL_PX = 10

/**
 * Attach the menu to a map. `items`: [{icon, text, act(place)}] with place = [E, N] of the view; `allowed()` says whether the
 * map is free for it (a tool that draws has the pointer for itself).
 */
export function contextMenu(map, { label, items, allowed }) {
  const ground = map.getTargetElement()
  const menu = make('div', { class: 'map-menu', role: 'menu', 'aria-label': label, hidden: true })
  ground.parentElement.append(menu)
  let [hold, start, held, finger, owned] = [0, null, false, null, null]

  function open(pixel) {
    if (!allowed()) return
    const place = map.getCoordinateFromPixel(pixel)
    menu.replaceChildren(...items.map((item) =>
      make('button', { type: 'button', role: 'menuitem', tabindex: '-1', on: { click: () => choose(item, place) } }, icon(item.icon), make('span', { text: item.text }))))
    menu.hidden = false
    const [width, height] = map.getSize()
    menu.style.left = `${Math.max(4, Math.min(pixel[0], width - menu.offsetWidth - 4))}px`
    menu.style.top = `${Math.max(4, Math.min(pixel[1], height - menu.offsetHeight - 4))}px`
    menu.firstElementChild.focus()
  }

  function close() {
    menu.hidden = true
  }

  function choose(item, place) {
    close()
    ground.focus()
    item.act(place)
  }

  /** The press of this finger opened the menu: what the map makes of its release is no click. */
  function own() {
    held = true
    owned = finger
  }

  const middle = () => map.getSize().map((side) => side / 2)
  const viewport = map.getViewport()
  viewport.addEventListener('contextmenu', (event) => {
    event.preventDefault()
    clearTimeout(hold)
    if (start) own() // some browsers tell of a long press themselves, while the finger is down
    open(map.getEventPixel(event))
  })
  ground.addEventListener('keydown', (event) => {
    if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return
    event.preventDefault()
    open(middle())
  })
  viewport.addEventListener('pointerdown', (event) => {
    close()
    clearTimeout(hold)
    ;[start, held] = [null, false]
    if (event.pointerType !== 'touch' || !event.isPrimary) return
    start = [event.clientX, event.clientY]
    finger = event.pointerId
    const pixel = map.getEventPixel(event)
    hold = setTimeout(() => {
      own()
      open(pixel)
    }, HOLD_MS)
  })
  viewport.addEventListener('pointermove', (event) => {
    if (start && Math.hypot(event.clientX - start[0], event.clientY - start[1]) > STILL_PX) clearTimeout(hold)
  })
  for (const end of ['pointerup', 'pointercancel']) viewport.addEventListener(end, () => {
    clearTimeout(hold)
    start = null
  })
  // the finger that opened the menu leaves the screen: that is no click, and the menu keeps the focus
  viewport.addEventListener('touchend', (event) => {
    if (held) event.preventDefault()
    held = false
  }, { passive: false })
  map.on('movestart', close)

  menu.addEventListener('keydown', (event) => {
    const all = [...menu.children]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus()
    else if (event.key === 'Escape' || event.key === 'Tab') {
      close()
      ground.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
  menu.addEventListener('focusout', (event) => {
    if (!menu.contains(event.relatedTarget)) close()
  })
  return {
    /** Whether a click on the map is none: the menu is open, or the finger that opened it only left. */
    owns: (event) => !menu.hidden || (event.pointerType === 'touch' && event.pointerId === owned),
  }
}
