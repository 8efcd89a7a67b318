// Divide a parcel along the lots of the plan in force on the day of the change.
import { choice, toolForm } from './fields.js'

export const tool = { name: 'split-plan', icon: 'bi-map', key: 'q', needs: 'one', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const words = texts.split_plan
  const level = choice({
    name: 'level',
    label: words.level,
    value: 'subdivision',
    options: ['general', 'subdivision', 'detailed'].map((value) => ({ value, text: words.levels[value] })),
    changed: () => {
      if (work.previewed()) form.run()
    },
  })
  const form = toolForm(work, tool, [level.element], { act })

  async function act() {
    form.say('')
    const [parcel] = work.chosen.ids()
    if (work.chosen.ids().length !== 1) return form.say(texts.choose_one)
    await work.preview('split', { parcel, method: 'plan', level: level.value() })
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
