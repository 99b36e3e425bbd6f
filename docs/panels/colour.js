// A panel: which colour does a name mean? Three sliders, a swatch, and the answer as `#rrggbb`.
/// <reference path="karat-panel.d.ts" />

const style = document.createElement('style')
style.textContent = `
  body { display: grid; gap: 8px; }
  .swatch { height: 72px; border-radius: 6px; border: 1px solid #8888; }
  label { display: grid; grid-template-columns: 76px 1fr 32px; gap: 8px; align-items: center; }
  input { min-width: 0; }
  output { text-align: right; font-variant-numeric: tabular-nums; }
`
document.head.append(style)

const swatch = document.createElement('div')
swatch.className = 'swatch'
swatch.setAttribute('role', 'img')
const sliders = [
  { name: 'Hue', most: 360, at: 200 },
  { name: 'Saturation', most: 100, at: 60 },
  { name: 'Lightness', most: 100, at: 50 },
].map(({ name, most, at }) => {
  const label = document.createElement('label')
  const input = Object.assign(document.createElement('input'), { type: 'range', min: '0', max: String(most), value: String(at) })
  const output = document.createElement('output')
  label.append(name, input, output)
  return { label, input, output }
})
document.body.append(swatch, ...sliders.map(({ label }) => label))

/** `#rrggbb` of hue in degrees, saturation and lightness in percent (CSS Color 4, section 7.1). */
function hexOf([hue, saturation, lightness]) {
  const a = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100)
  const channel = (n) => {
    const k = (n + hue / 30) % 12
    const value = lightness / 100 - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(value * 255).toString(16).padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}

/** Hue, saturation and lightness of `#rrggbb`. */
function slidersOf(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  const [lightness, range] = [(most + least) / 2, most - least]
  if (range === 0) return [0, 0, lightness * 100]
  const hue = most === r ? ((g - b) / range) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4
  return [(hue * 60 + 360) % 360, (range / (1 - Math.abs(2 * lightness - 1))) * 100, lightness * 100]
}

let field = ''
let name = ''

function draw(hex) {
  swatch.style.background = hex ?? 'transparent'
  swatch.setAttribute('aria-label', hex === null ? `No colour for ${name} yet` : `${name}: ${hex}`)
  for (const { input, output } of sliders) output.value = input.value
}

function take(answer) {
  const hex = typeof answer === 'string' && /^#[0-9a-f]{6}$/.test(answer) ? answer : null
  const shown = hexOf(sliders.map(({ input }) => Number(input.value)))
  if (hex !== null && hex !== shown) slidersOf(hex).forEach((value, i) => (sliders[i].input.value = String(Math.round(value))))
  draw(hex)
}

for (const { input } of sliders) {
  input.addEventListener('input', () => draw(hexOf(sliders.map((slider) => Number(slider.input.value)))))
  // One answer for one movement: each is a step of its own for undo.
  input.addEventListener('change', () => karat.set(field, hexOf(sliders.map((slider) => Number(slider.input.value)))))
}

function look({ readonly }) {
  for (const { input } of sliders) input.disabled = readonly
}

karat.start({
  show: (said) => {
    field = Object.keys(said.fields)[0]
    name = Object.values(said.streams)[0]?.text ?? ''
    look(said.look)
    take(said.answers[field])
  },
  answers: ({ answers }) => take(answers[field]),
  look: (said) => look(said.look),
  refused: ({ problems }) => karat.problem(problems[0].expected),
})
