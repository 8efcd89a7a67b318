// Pieces of a card as elements: lists of facts, blocks under a heading, links to files.
import { icon, make } from './elements.js'
import { textOf } from './papers.js'

const value = (given) =>
  given?.href ? make('a', { href: given.href, target: '_blank', rel: 'noopener', text: given.text }) : textOf(given)

/** Facts as label and value; a value with a file behind it opens it. */
export const factList = (pairs) =>
  make('dl', { class: 'facts' }, ...pairs.flatMap(([label, given]) => [make('dt', { text: label }), make('dd', {}, value(given))]))

/** A block of the card: heading, shares of lots, a warning, a note with photos, facts, its file. */
export function block(content, { swatch }) {
  const shares = (content.shares ?? []).map((share) =>
    make('li', {}, share.category ? swatch('plan-lots', share.category) : make('span', { class: 'swatch-gap' }),
      share.href ? make('a', { href: share.href, text: share.label }) : make('b', { text: share.label }), make('span', { class: 'figures', text: share.area }), make('span', { class: 'figures soft', text: share.percent })))
  return make('section', { class: `block${content.late ? ' late' : ''}` },
    make('h3', { text: content.heading }),
    shares.length ? make('ul', { class: 'shares' }, ...shares) : null,
    content.warning ? make('p', { class: 'warning small' }, icon('exclamation-circle'), make('span', { text: content.warning })) : null,
    content.note ? make('p', { class: 'visit-note', text: content.note }) : null,
    content.photos?.length ? make('ul', { class: 'card-photos' }, ...content.photos.map(photo)) : null,
    factList(content.rows),
    content.file ? file(content) : null)
}

const photo = ({ href, thumbnail, text }) =>
  make('li', {}, make('a', { href, target: '_blank', rel: 'noopener', title: text },
    make('img', { src: thumbnail, width: 112, height: 84, loading: 'lazy', alt: text })))

function file({ href, file: text, heading }) {
  if (!href) return make('p', { class: 'file small soft' }, icon('file-earmark-x'), make('span', { text }))
  return make('p', { class: 'file small' }, make('a', { href, target: '_blank', rel: 'noopener' }, icon('file-earmark-text'), make('span', { text }), make('span', { class: 'visually-hidden', text: ` ${heading}` })))
}
