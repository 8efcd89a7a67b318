// Move, insert and take away corners and sides of the chosen parcels: whoever shares them follows, in one reshape.
import { filled } from '../../map/format.js'
import { make } from '../../panels/elements.js'
import { azimuth, azimuthText, distance, insidePolygon, nearestSide, onGrid, pointAt, same, selfCrossing } from '../bearings.js'
import { entryLine, problemText } from '../entry.js'
import { figures as figuresOf } from '../figures.js'
import { cornersOf, offsetOf, ringsAfter, shifted } from '../reshaping.js'
import { pixelTolerance } from '../snapping.js'
import { parseLength } from '../typed.js'
import { cornerLook } from './corner-look.js'
import { choice, plainButton, textField, toolForm } from './fields.js'

const { ol } = window

export const tool = { name: 'corners', icon: 'bi-bezier2', key: 'd', needs: 'any', withoutDocument: false, start }

const DRAGGED_PX = 3

function start(work) {
  const { map, texts } = work
  const words = texts.corners
  const figures = figuresOf(work.language)
  const look = cornerLook(work)
  let mode = 'corner'
  let picked = null // {corner} or {side}
  let drag = null
  let waiting = false
  let handled = false
  let meant = null

  const chosen = () => work.ground.features(work.chosen.ids())
  const polygons = () => chosen().map((each) => each.getGeometry().getCoordinates())
  const corners = () => cornersOf(polygons())

  // what the form is made of
  const way = choice({
    name: 'way',
    label: words.way,
    value: mode,
    options: [{ value: 'corner', text: words.by_corner, icon: 'record-circle' }, { value: 'side', text: words.by_side, icon: 'hr' }],
    changed(next) {
      mode = next
      pick(null)
    },
  })
  const told = make('p', { class: 'figures corner-told', role: 'status' })
  const stepper = make('div', { class: 'tool-row' }, plainButton('chevron-left', words.before, () => step(-1)), plainButton('chevron-right', words.after, () => step(1)))
  const line = entryLine(work, {
    figures,
    from: () => picked?.corner ?? null,
    towards: () => null,
    take: (point) => send(picked?.corner ? [{ corner: picked.corner, to: point }] : [{ side: picked.side, insert: point }]),
    finish: () => {},
    removeLast: () => {},
    leave: () => map.getTargetElement().focus(),
    meant(point) {
      meant = point
      show()
    },
  })
  const offset = textField({ name: 'offset', label: words.offset, numeric: true, width: 'narrow', after: 'm', placeholder: '0,50' })
  const remove = plainButton('trash', words.remove, () => removePicked())
  const form = toolForm(work, tool, [way.element, stepper, told, line.element, offset.element, make('div', {}, remove)])
  offset.input.addEventListener('input', () => {
    const said = parseLength(offset.value(), work.language)
    offset.say(said.problem && offset.value().trim() ? problemText(said.problem, texts, figures) : '', Boolean(said.problem && offset.value().trim()))
    show()
  })
  offset.input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    const edits = offsetEdits()
    if (edits) send(edits)
  })

  /** A typed offset goes out of the first chosen parcel that has the side. */
  function offsetEdits() {
    const said = parseLength(offset.value(), work.language)
    if (!picked?.side || said.problem || said.metres === 0) return null
    const [a, b] = picked.side
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
    const inside = pointAt(middle, 0.05, azimuth(a, b) + 90)
    const owner = polygons().find((rings) => ringsAfter(rings, [{ side: picked.side, insert: middle }]))
    const outward = owner && insidePolygon(inside, owner) ? -1 : 1
    return shifted(picked.side, outward * said.metres)
  }

  function step(by) {
    const all = mode === 'corner' ? corners() : sides()
    if (!all.length) return
    const here = all.findIndex((each) => (mode === 'corner' ? picked?.corner && same(each, picked.corner) : picked?.side && same(each[0], picked.side[0]) && same(each[1], picked.side[1])))
    const next = all[here < 0 && by < 0 ? all.length - 1 : (here + by + all.length) % all.length]
    pick(mode === 'corner' ? { corner: next } : { side: next })
    const place = mode === 'corner' ? next : next[0]
    if (!ol.extent.containsCoordinate(map.getView().calculateExtent(map.getSize()), place)) map.getView().animate({ center: place, duration: 200 })
  }
  function sides() {
    return polygons().flatMap((rings) => rings.flatMap((ring) => ring.slice(1).map((to, index) => [ring[index], to])))
  }

  function pick(next) {
    picked = next
    offset.input.value = ''
    offset.say('')
    line.clear()
    show()
  }

  /** Parcels whose ground changes by edits, with their rings after them. */
  function followers(edits) {
    const places = edits.flatMap((edit) => (edit.corner ? [edit.corner] : edit.side))
    const box = ol.extent.buffer(ol.extent.boundingExtent(places), 0.01)
    return work.ground.source.getFeaturesInExtent(box).flatMap((feature) => {
      const rings = ringsAfter(feature.getGeometry().getCoordinates(), edits)
      return rings ? [{ feature, rings }] : []
    })
  }

  function show() {
    const all = corners()
    look.handles(all, mode === 'side' || all.length > 400 ? [] : sides(), picked)
    const edits = drag?.edits ?? (meant && picked ? (picked.corner ? [{ corner: picked.corner, to: meant }] : [{ side: picked.side, insert: meant }]) : offsetEdits())
    const follow = edits ? followers(edits) : []
    look.draft(follow.map(({ rings }) => ({ rings, bad: rings.some((ring) => selfCrossing(ring)) })))
    tell(all, edits, follow)
  }
  function tell(all, edits, follow) {
    stepper.hidden = all.length === 0
    line.element.hidden = !picked
    offset.element.hidden = !(picked?.side && mode === 'side')
    remove.hidden = !picked?.corner
    if (drag?.moved) {
      const edit = edits[0]
      const [from, to] = [edit.corner ?? edit.insert, edit.to ?? edit.insert]
      const along = drag.side ? `${figures.metres(Math.abs(drag.offset))} · ` : ''
      told.textContent = `${along}${figures.place(to)}${same(from, to) ? '' : ` · ${figures.metres(distance(from, to))} · ${azimuthText(azimuth(from, to))}`} · ${filled(words.follow, { count: follow.length })}`
    } else if (picked?.corner) {
      const place = all.findIndex((each) => same(each, picked.corner)) + 1
      const shared = followers([{ corner: picked.corner, to: picked.corner }]).length
      told.textContent = filled(words.corner_told, { n: place, of: all.length, place: figures.place(picked.corner), shared })
    } else if (picked?.side) {
      told.textContent = filled(words.side_told, { length: figures.metres(distance(...picked.side)), azimuth: azimuthText(azimuth(...picked.side)) })
    } else told.textContent = all.length ? words[`pick_${mode}`] : texts.choose_some
  }

  async function send(edits) {
    if (waiting) return false
    waiting = true
    const follow = followers(edits)
    look.draft(follow.map(({ rings }) => ({ rings, bad: false })))
    form.element.setAttribute('aria-busy', 'true')
    work.say('')
    try {
      const done = await work.add('reshape', { parcels: [...work.chosen.ids()], edits })
      if (done) pick(edits.length === 1 && edits[0].to ? { corner: edits[0].to } : null)
      return done
    } finally {
      waiting = false
      drag = null
      form.element.removeAttribute('aria-busy')
      show()
    }
  }
  function removePicked() {
    if (!picked?.corner || waiting) return false
    send([{ corner: picked.corner, remove: true }])
    return true
  }

  function under(coordinate) {
    const reach = pixelTolerance() * map.getView().getResolution()
    if (mode === 'corner') {
      const corner = corners().map((each) => ({ each, away: distance(each, coordinate) })).filter(({ away }) => away <= reach).sort((a, b) => a.away - b.away)[0]
      if (corner) return { corner: corner.each }
    }
    const near = polygons().map((rings) => nearestSide(coordinate, rings)).filter((each) => each && each.distance <= reach).sort((a, b) => a.distance - b.distance)[0]
    return near ? { side: near.side } : null
  }
  function dragTo(place) {
    const { corner, side } = drag.grip
    if (corner) drag.edits = [{ corner, to: place }]
    else if (mode === 'corner') drag.edits = [{ side, insert: place }]
    else {
      drag.side = side
      drag.offset = offsetOf(side, place)
      drag.edits = shifted(side, drag.offset)
    }
  }

  const interaction = new ol.interaction.Pointer({
    handleDownEvent(event) {
      handled = false
      const original = event.originalEvent
      if (waiting || (original.pointerType === 'mouse' && original.button !== 0) || (event.activePointers?.length ?? 1) > 1) return false
      const grip = under(map.getEventCoordinate(original))
      if (!grip) return false
      handled = true
      const ends = grip.corner ? [grip.corner] : mode === 'side' ? grip.side : []
      drag = { grip, from: [original.clientX, original.clientY], moved: false, edits: null }
      work.snap.start({ skip: (a, b) => ends.some((end) => same(a, end) || same(b, end)) })
      return true
    },
    handleDragEvent(event) {
      if (!drag) return
      const { clientX, clientY } = event.originalEvent
      if (!drag.moved && Math.hypot(clientX - drag.from[0], clientY - drag.from[1]) < DRAGGED_PX) return
      drag.moved = true
      picked = null
      dragTo(onGrid(event.coordinate))
      show()
    },
    handleUpEvent() {
      work.snap.stop()
      if (!drag) return false
      const { moved, edits, grip } = drag
      if (!moved) {
        drag = null
        pick(grip)
      } else send(edits)
      return false
    },
    handleMoveEvent(event) {
      if (event.originalEvent.pointerType === 'touch') return
      const grip = waiting ? null : under(map.getEventCoordinate(event.originalEvent))
      look.hover(grip)
      map.getTargetElement().classList.toggle('grip', Boolean(grip))
    },
  })
  map.addInteraction(interaction)
  const unlisten = work.ground.onChange(() => {
    if (!drag) show()
  })
  show()

  return {
    form: form.element,
    /** A click on a corner or side is this tool's; any other goes on choosing parcels. */
    get takesClicks() {
      return handled || Boolean(drag)
    },
    stop() {
      line.stop()
      work.snap.stop()
      unlisten?.()
      map.removeInteraction(interaction)
      map.getTargetElement().classList.remove('grip')
    },
    cancel() {
      if (drag && !waiting) {
        drag = null
        work.snap.stop()
        show()
        return true
      }
      if (!picked) return false
      pick(null)
      return true
    },
    finish: () => false,
    removeLast: () => removePicked(),
    selectionChanged() {
      picked = null
      show()
    },
    added: () => show(),
  }
}
