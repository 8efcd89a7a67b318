// The overview's map and table point at each other: what is under the pointer or the keyboard in one is lit in both.

/** Light the zone an element stands for, in everything below `root`. */
function linkZones(root) {
  const all = [...root.querySelectorAll('[data-zone]')]
  const light = (event) => {
    const code = event.target.closest('[data-zone]')?.dataset.zone ?? null
    for (const each of all) each.classList.toggle('lit', each.dataset.zone === code)
  }
  for (const name of ['pointerover', 'focusin']) root.addEventListener(name, light)
  for (const name of ['pointerleave', 'focusout']) root.addEventListener(name, (event) => {
    if (name === 'pointerleave' || !root.contains(event.relatedTarget)) for (const each of all) each.classList.remove('lit')
  })
}

const beside = document.querySelector('.map-and-table')
if (beside) linkZones(beside)
