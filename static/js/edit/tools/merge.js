// Make neighbours one parcel. What keeps them apart (rights, hand-over, project, zone) is said by the server, by name.
import { toolForm } from './fields.js'

export const tool = { name: 'merge', icon: 'bi-union', key: 'g', needs: 'several', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const form = toolForm(work, tool, [], { act })

  async function act() {
    form.say('')
    const parcels = [...work.chosen.ids()]
    if (parcels.length < 2) return form.say(texts.merge.at_least_two)
    await work.preview('merge', { parcels })
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
    selectionChanged() {
      form.say('')
      work.withdraw()
    },
  }
}
