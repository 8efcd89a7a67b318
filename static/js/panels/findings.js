// What does not fit about one parcel, in its card: how grave, how large, who let it stand, and the way to the list.
import { areaText } from '../findings/model.js'
import { filled } from '../map/format.js'
import { icon, make } from './elements.js'

const ICONS = { high: 'exclamation-octagon-fill', medium: 'exclamation-triangle-fill', low: 'info-circle-fill' }

/** Findings as the API answers them, the gravest first; `parcel` are the properties of its card. */
export function parcelFindings(found, parcel, reading) {
  const { texts, format, link } = reading
  if (found[0].failed) return [make('p', { class: 'note bad', role: 'alert', text: found[0].failed })]
  const open = found.filter((each) => each.open).length
  const name = [parcel.sheet, parcel.number].filter(Boolean).join('/')
  const list = link(`/conflicts?zone=${encodeURIComponent(parcel.zone)}&q=${encodeURIComponent(name)}`)
  const rows = found.map((each) =>
    make('li', { class: each.open ? each.severity : 'waived' },
      make('span', { class: `finding-level ${each.open ? each.severity : 'waived'}` }, icon(each.open ? ICONS[each.severity] : 'patch-check-fill'),
        make('b', { text: each.kind_name }), make('span', { text: ` · ${each.open ? each.severity_name : texts.waived}` })),
      make('span', { class: 'figures', text: areaText(each.area_m2, reading) }),
      make('p', { class: 'small', text: each.text }),
      each.waiver ? make('p', { class: 'small soft', text: each.waiver.text }) : null))
  return [make('h3', { text: filled(texts.findings_count, { open: format.whole(open), waived: format.whole(found.length - open) }) }),
    make('ul', {}, ...rows), make('p', { class: 'small' }, make('a', { href: list, text: texts.findings_list }))]
}
