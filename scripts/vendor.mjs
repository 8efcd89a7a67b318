// Copies the few files the browser needs from node_modules to static/vendor/<name>/ and writes the
// manifest the application starts by. Fails on a missing file; the old copy stays until the new one
// is whole. Run by bin/setup.sh after `npm ci`.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'static', 'vendor')
const fresh = `${target}.new`

const font = (subset, weight) => `files/be-vietnam-pro-${subset}-${weight}-normal.woff2`
const weights = [400, 500, 600, 700]
const subsets = ['latin', 'latin-ext', 'vietnamese']

// folder under static/vendor -> package, files as [inside the package, name here]
const wanted = {
  ol: ['ol', ['dist/ol.js', 'ol.js'], ['ol.css', 'ol.css'], ['LICENSE.md', 'LICENSE']],
  proj4: ['proj4', ['dist/proj4.js', 'proj4.js'], ['LICENSE.md', 'LICENSE']],
  bootstrap: [
    'bootstrap',
    ['dist/css/bootstrap.min.css', 'bootstrap.min.css'],
    ['dist/js/bootstrap.bundle.min.js', 'bootstrap.bundle.min.js'],
    ['LICENSE', 'LICENSE'],
  ],
  'bootstrap-icons': [
    'bootstrap-icons',
    ['font/bootstrap-icons.min.css', 'bootstrap-icons.min.css'],
    ['font/fonts/bootstrap-icons.woff2', 'fonts/bootstrap-icons.woff2'],
    ['LICENSE', 'LICENSE'],
  ],
  'be-vietnam-pro': [
    '@fontsource/be-vietnam-pro',
    ...weights.map((weight) => [`${weight}.css`, `${weight}.css`]),
    ...weights.flatMap((weight) => subsets.map((subset) => [font(subset, weight), font(subset, weight)])),
    ['LICENSE', 'LICENSE'],
  ],
  echarts: [
    'echarts',
    ['dist/echarts.min.js', 'echarts.min.js'],
    ['i18n/langVI.js', 'langVI.js'],
    ['LICENSE', 'LICENSE'],
    ['NOTICE', 'NOTICE'],
  ],
  leaflet: [
    'leaflet',
    ['dist/leaflet.js', 'leaflet.js'],
    ['dist/leaflet.css', 'leaflet.css'],
    ...['layers.png', 'layers-2x.png', 'marker-icon.png', 'marker-icon-2x.png', 'marker-shadow.png'].map(
      (image) => [`dist/images/${image}`, `images/${image}`],
    ),
    ['LICENSE', 'LICENSE'],
  ],
}

// Source maps are not shipped; of fonts only woff2, which every browser we support reads.
function trimmed(name, bytes) {
  if (!/\.(css|js)$/.test(name)) return bytes
  let text = bytes.toString('utf8')
  text = text.replace(/^\/\/[#@] sourceMappingURL=.*$/gm, '').replace(/\/\*[#@] sourceMappingURL=.*?\*\//g, '')
  if (name.endsWith('.css')) {
    text = text.replace(/,\s*url\([^)]*\.woff(\?[^)]*)?\)\s*format\((["'])woff\2\)/g, '')
  }
  return Buffer.from(text, 'utf8')
}

// Every relative url() of a copied stylesheet must have been copied too.
function checkUrls(folder, name, text, names) {
  for (const [, , url] of text.matchAll(/url\((["']?)([^"')]+)\1\)/g)) {
    if (url.startsWith('data:') || url.startsWith('#')) continue
    const path = join(dirname(name), url.split(/[?#]/)[0])
    if (!names.has(path)) throw new Error(`${folder}/${name} asks for ${url}, which is not copied`)
  }
}

rmSync(fresh, { recursive: true, force: true })
const files = []
for (const [folder, [name, ...copies]] of Object.entries(wanted)) {
  const source = join(root, 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const names = new Set(copies.map(([, to]) => to))
  for (const [from, to] of copies) {
    const path = join(source, from)
    if (!existsSync(path)) throw new Error(`${name} ${version} has no ${from}`)
    const bytes = trimmed(to, readFileSync(path))
    if (to.endsWith('.css')) checkUrls(folder, to, bytes.toString('utf8'), names)
    const copy = join(fresh, folder, to)
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    files.push({ name, version, licence: license, file: `${folder}/${to}`, sha256 })
  }
}
writeFileSync(join(fresh, 'manifest.json'), JSON.stringify({ files }, null, 1) + '\n')
rmSync(target, { recursive: true, force: true })
renameSync(fresh, target)
console.log(`static/vendor: ${files.length} files of ${Object.keys(wanted).length} packages`)
