// What the figures of a zone are called, asked once a day of the register, and only when a preview moves one.
export function figureNames({ ask, zone }) {
  let names = new Map()
  let day = null
  let asked = null
  return {
    from(iso) {
      if (iso !== day) asked = null
      day = iso
    },
    async learn() {
      asked ??= ask(`/api/v1/zones/${encodeURIComponent(zone.code)}/indicators${day ? `?as_of=${day}` : ''}`)
      try {
        names = new Map((await asked).indicators.map((each) => [each.code, each.name]))
      } catch {
        asked = null // codes are shown instead; asked again with the next preview
      }
    },
    of: (code) => names.get(code) ?? code,
  }
}
