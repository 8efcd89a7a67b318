// Cut a road or a utility strip: a centreline and a width, through every parcel it meets or through the chosen ones.
import { stripOutline } from '../bearings.js'
import { figures as figuresOf } from '../figures.js'
import { problemText } from '../entry.js'
import { parseLength } from '../typed.js'
import { sketched } from './drawn.js'
import { choice, textField } from './fields.js'

const { ol } = window

export const tool = { name: 'corridor', icon: 'bi-signpost-split', key: 'h', needs: 'none', withoutDocument: false, start }

const WIDEST = 1_000
const last = { width: '12', ends: 'flat' }

function start(work) {
  const { texts } = work
  const words = texts.corridor
  const figures = figuresOf(work.language)
  const { Fill, Stroke, Style } = ol.style
  const strip = work.layer('strip', new Style({ fill: new Fill({ color: 'rgb(11 92 173 / 14%)' }), stroke: new Stroke({ color: '#0b5cad', width: 1.5, lineDash: [4, 4] }) })).getSource()

  const width = textField({ name: 'width', label: words.width, value: last.width, numeric: true, width: 'narrow', after: 'm' })
  const ends = choice({
    name: 'ends',
    label: words.ends,
    value: last.ends,
    options: [{ value: 'flat', text: words.flat }, { value: 'round', text: words.round }],
    changed: (value) => {
      last.ends = value
      again()
    },
  })
  const some = work.chosen.ids().length > 0
  const through = choice({
    name: 'through',
    label: words.through,
    value: 'all',
    options: [{ value: 'all', text: words.all }, { value: 'chosen', text: words.chosen }],
    changed: () => again(),
  })
  const { drawing, tool: begun } = sketched(work, {
    kind: 'line',
    moved: (points, pointer, of) => outline(pointer && points.length && !of?.complete() ? [...points, pointer] : points),
  })
  const { form, running } = begun(tool, [width.element, ends.element, some ? through.element : null, drawing.element], { act })

  const metres = () => {
    const said = parseLength(width.value(), work.language)
    if (!said.problem && (said.metres <= 0 || said.metres > WIDEST)) return { problem: { code: 'width' } }
    return said
  }
  function outline(line) {
    const ring = line.length > 1 && metres().metres ? stripOutline(line, metres().metres) : null
    strip.clear(true)
    if (ring) strip.addFeature(new ol.Feature(new ol.geom.Polygon([ring])))
  }
  width.input.addEventListener('input', () => {
    last.width = width.value()
    const said = metres()
    width.say(said.problem ? problemText(said.problem, texts, figures) : '', Boolean(said.problem))
    outline(drawing.points())
    if (work.previewed()) work.withdraw()
  })
  function again() {
    if (work.previewed()) form.run()
  }

  async function act() {
    form.say('')
    const said = metres()
    if (said.problem) {
      width.input.focus()
      return width.say(problemText(said.problem, texts, figures), true)
    }
    if (!drawing.complete() && !drawing.finish()) return form.say(texts.sketch.too_few_line)
    const parcels = some && through.value() === 'chosen' ? { parcels: [...work.chosen.ids()] } : {}
    await work.preview('corridor', { zone: work.zone.code, ...parcels, centreline: drawing.points(), width_m: said.metres, ends: ends.value() })
    return undefined
  }
  return running
}
