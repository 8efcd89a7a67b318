// The left panel: which layers are on, how strongly, and a legend of what is in view.
import { versionGroups, versionName } from '../map/versions.js'
import { make } from './elements.js'

/** Fill the list of layers. `changed()` is called after every switch. */
export function layersPanel(list, layers, { texts, changed }) {
  const entries = [...layers.entries()].reverse()
  list.replaceChildren(
    ...entries.map(([name, layer]) => {
      const id = `layer-${name}`
      const box = make('input', { class: 'form-check-input', type: 'checkbox', id, checked: layer.getVisible() })
      const strength = make('input', {
        type: 'range', min: 10, max: 100, step: 5, value: Math.round(layer.getOpacity() * 100),
        'aria-label': `${texts.opacity}: ${texts.layers[name]}`, title: texts.opacity,
      })
      strength.disabled = !layer.getVisible()
      box.addEventListener('change', () => {
        layer.setVisible(box.checked)
        strength.disabled = !box.checked
        changed()
      })
      strength.addEventListener('input', () => layer.setOpacity(Number(strength.value) / 100))
      return make('li', {}, make('label', { for: id }, box, make('span', { text: texts.layers[name] })), strength)
    }),
  )
}

/** Show legend groups: `groups` of entries, each with a swatch and its words. */
export function showLegend(element, groups, { texts, language, swatch }) {
  const label = (style) => (language === 'en' ? style.label_en : style.label_vi)
  const shown = JSON.stringify(groups.map((group) => group.entries.map((entry) => `${entry.layer}/${entry.key}`)))
  if (element.dataset.shown === shown) return
  element.dataset.shown = shown
  element.replaceChildren(
    ...groups.map((group) =>
      make('section', { 'data-layer': group.layer },
        make('h3', { text: texts.layers[group.layer] }),
        make('ul', {}, ...group.entries.map((style) =>
          make('li', { 'data-key': style.key }, swatch(style.layer, style.key), make('span', { text: label(style) }))))),
    ),
  )
  if (!groups.length) element.append(make('p', { class: 'soft small', text: texts.legend_empty }))
}

/** The plan versions to choose from, drafts apart; the first entry follows the day `today` shown. */
export function planSelect(select, versions, { texts, format, chosen, today, onChoose }) {
  const option = (value, text) => make('option', { value, text, selected: value === (chosen ?? '') })
  const groups = versionGroups(versions, { texts, today }).map(([label, members]) =>
    make('optgroup', { label }, ...members.map((version) => option(version.plan_version_id, versionName(version, { texts, format, today })))))
  select.replaceChildren(option('', texts.plan_of_the_day), ...groups)
  select.onchange = () => onChoose(select.value || null)
}
