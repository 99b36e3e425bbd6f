// Formulas as MathML elements: what cannot be set within strict limits stays its own source, and nothing in it reaches the page.

import temml from 'temml'
import 'temml/dist/Temml-Local.css'

/** Longer formulas are shown as they were written. */
const LONGEST = 2_000
const MATHML = 'http://www.w3.org/1998/Math/MathML'
/** Attributes that say how a formula looks. Names of elements and links are not among them. */
const KEPT = new Set('accent accentunder align class columnalign columnlines columnspacing columnspan depth dir display displaystyle encoding fence form frame framespacing height largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits rowalign rowlines rowspacing rowspan rspace scriptlevel separator stretchy style symmetric voffset width xmlns'.split(' '))

/** The formula's element; null where it is too long, not sound, or asks for more than a formula may. */
export function typeset(text: string, display: boolean): Element | null {
  if (text.length > LONGEST) return null
  const host = document.createElement('span')
  try {
    temml.render(text, host, { displayMode: display, throwOnError: true, trust: false, strict: false, maxExpand: 200, maxSize: [20, 50], macros: {} })
  } catch {
    // A formula with a mistake, too many macros or too deep braces: the reader sees what was written.
    return null
  }
  const math = host.firstElementChild
  return math !== null && host.childElementCount === 1 && isOnlyMath(math) ? math : null
}

/** Whether it is MathML through and through; attributes that do more than look are taken away. */
function isOnlyMath(element: Element): boolean {
  if (element.namespaceURI !== MATHML) return false
  for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name)
  return [...element.children].every(isOnlyMath)
}
