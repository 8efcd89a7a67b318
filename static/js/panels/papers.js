// Documents as people cite them, and the address of their file. No document, no map: node tests it.
import { filled } from '../map/format.js'

/** "24/QĐ-BQL ngày 01/01/2024", or null without a number. */
const cited = (number, day, texts, format) =>
  number ? (day ? filled(texts.document_of, { number, day: format.day(day) }) : number) : null

/** Where a document's file opens; a PDF at its page when one is known. */
export const fileHref = (id, page = null) => `/api/v1/documents/${encodeURIComponent(id)}/file${page > 1 ? `#page=${page}` : ''}`

/** A citation for showing: plain text, or text that opens the file. Null without a number. */
export function paper({ id, number, day, hasFile, page }, texts, format) {
  const text = cited(number, day, texts, format)
  if (!text) return null
  const said = page ? `${text}, ${filled(texts.page, { page })}` : text
  return id && hasFile ? { text: said, href: fileHref(id, page) } : { text: said }
}

/** The text of a value that may be a citation. */
export const textOf = (value) => (value && typeof value === 'object' ? value.text : value)
