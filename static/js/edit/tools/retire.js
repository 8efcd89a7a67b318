// End parcels without successors: from the day of the change nothing stands on their ground.
import { make } from '../../panels/elements.js'
import { toolForm } from './fields.js'

export const tool = { name: 'retire', icon: 'bi-archive', key: 'k', needs: 'any', withoutDocument: false, start }

function start(work) {
  const form = toolForm(work, tool, [make('p', { class: 'note small', text: work.texts.retire.what_it_means })], { act })

  async function act() {
    form.say('')
    const parcels = [...work.chosen.ids()]
    if (!parcels.length) return form.say(work.texts.choose_some)
    await work.preview('retire', { parcels })
    return undefined
  }

  form.focusOn(form.element.querySelector('[type=submit]'))
  return {
    form: form.element,
    takesClicks: false,
    stop() {},
    cancel: () => false,
    finish: () => form.run(),
    removeLast: () => false,
    selectionChanged: () => work.withdraw(),
  }
}
