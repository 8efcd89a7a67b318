// Numbers and days as the reader's language writes them: 1.105,9 m² or 1,105.9 m².

const LOCALES = { vi: 'vi-VN', en: 'en-GB' }

export function formats(language) {
  const locale = LOCALES[language] ?? LOCALES.vi
  const fixed = (digits) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const [whole, one, two] = [fixed(0), fixed(1), fixed(2)]
  const months = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const zone = { timeZone: 'Asia/Ho_Chi_Minh' }
  const clock = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit' })
  // day/month/year in every browser; the order of other locales has changed between versions
  const legalDay = new Intl.DateTimeFormat('en-GB', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' })

  const day = (iso) => {
    if (!iso) return '–'
    if (language === 'en') return months.format(new Date(`${iso}T00:00:00Z`))
    return iso.split('-').reverse().join('/')
  }
  return {
    whole: (value) => (value === null || value === undefined ? '–' : whole.format(value)),
    squareMetres: (value) => (value === null || value === undefined ? '–' : `${one.format(value)} m²`),
    hectares: (value) => (value === null || value === undefined ? '–' : `${two.format(value / 10_000)} ha`),
    percent: (share) => (share === null || share === undefined ? '–' : `${two.format(share * 100)} %`),
    points: (value) => (value === null || value === undefined ? '–' : `${whole.format(value)} %`),
    metres: (value) => two.format(value),
    scale: (value) => `1:${whole.format(value)}`,
    day,
    instant: (iso) => {
      if (!iso) return '–'
      const when = new Date(iso)
      return `${clock.format(when)} ${day(legalDay.format(when).split('/').reverse().join('-'))}`
    },
  }
}

/** A text with %(name)s filled in, as the server's texts are written. */
export function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ''))
}
