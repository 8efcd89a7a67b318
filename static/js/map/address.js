// The address of the page is the state of the map: zone, day, what is looked at. A link shows a colleague the same.

const FOCUSES = ['parcel', 'lot', 'project', 'company', 'document', 'spot', 'plans']

/** Read what the page shows from its query. */
export function readAddress(search) {
  const query = new URLSearchParams(search)
  const kind = FOCUSES.find((name) => query.get(name))
  return {
    zone: query.get('zone'),
    as_of: query.get('as_of'),
    known_at: query.get('known_at'),
    plan_version: query.get('plan_version'),
    focus: kind ? { kind, id: query.get(kind) } : null,
    view: readView(query.get('view')),
  }
}

/** `E,N,scale` in whole metres, or null. */
export function readView(text) {
  const parts = (text ?? '').split(',').map(Number)
  if (parts.length !== 3 || !parts.every(Number.isFinite) || parts[2] < 1) return null
  return { x: parts[0], y: parts[1], scale: parts[2] }
}

/** The same query with some values changed; null takes one away. Anything else stays as it is. */
export function withChanges(search, changes) {
  const query = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString().replaceAll('%2C', ',')
  return text ? `?${text}` : ''
}

/** Which changes of the address put a focus there, or take it away. */
export function focusChanges(focus) {
  const changes = Object.fromEntries(FOCUSES.map((name) => [name, null]))
  if (focus) changes[focus.kind] = focus.id
  return changes
}

/** The path with the day carried along, for links of the frame around the map. */
export function datedHref(href, day, base) {
  const url = new URL(href, base)
  for (const name of ['as_of', 'known_at']) {
    if (day[name]) url.searchParams.set(name, day[name])
    else url.searchParams.delete(name)
  }
  return `${url.pathname}${url.search}${url.hash}`
}

/** What was searched for and lies in the zone shown is opened without leaving the page. */
export function followFinds(zone, open) {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('.search-results a[href]')
    const to = link && new URL(link.href)
    if (!to || to.pathname !== location.pathname || to.searchParams.get('zone') !== zone) return
    event.preventDefault()
    link.closest('.search-results').hidden = true
    open(readAddress(to.search).focus)
  })
}
