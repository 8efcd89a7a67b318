// Uploading a sheet without leaving the form: a refusal is said beside the file, which stays chosen.
const form = document.getElementById('sheet-form')
const said = document.getElementById('sheet-problem')
const sent = document.getElementById('sheet-sent')
const FIELDS = { title: 'title', zone: 'zone', scale: 'scale_denominator', kind: 'kind', page: 'page', plan_version: 'plan_version' }

function asked() {
  const body = new FormData()
  for (const [name, called] of Object.entries(FIELDS)) {
    const value = form.elements[name].value.trim()
    if (value) body.append(called, value)
  }
  body.append('file', form.elements.file.files[0])
  return body
}

function refuse(problem) {
  const box = Object.assign(document.createElement('div'), { className: 'note bad' })
  box.append(Object.assign(document.createElement('span'), { textContent: problem.detail ?? problem.title }))
  said.replaceChildren(box)
  const field = /raster-page/.test(problem.type ?? '') ? form.elements.page : form.elements.file
  field.focus()
}

function busy(yes) {
  form.querySelector('[type=submit]').disabled = yes
  sent.hidden = !yes
}

form?.addEventListener('submit', (event) => {
  event.preventDefault()
  said.replaceChildren()
  busy(true)
  // fetch tells nothing of what was sent, and a scan takes its time
  const request = new XMLHttpRequest()
  request.open('POST', form.dataset.api)
  request.responseType = 'json'
  request.setRequestHeader('Accept', 'application/json')
  request.setRequestHeader('X-CSRFToken', document.querySelector('meta[name="csrf-token"]').content)
  request.upload.addEventListener('progress', (step) => {
    sent.value = (step.loaded / step.total) * 100
    if (step.loaded === step.total) sent.removeAttribute('value')
  })
  request.addEventListener('loadend', () => {
    busy(false)
    if (request.status === 200 || request.status === 201) location.assign(`${form.dataset.page}/${request.response.id}`)
    else refuse(request.response ?? { title: String(request.status) })
  })
  request.send(asked())
})
