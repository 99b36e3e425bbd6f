// Positions in an element's words and its text nodes: words with styles are several nodes, others are one.

/** The text nodes of an element in their order. */
export function textsOf(words: HTMLElement): Text[] {
  const [only] = words.childNodes
  if (words.childNodes.length === 1 && only instanceof Text) return [only]
  const walk = document.createTreeWalker(words, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) if (node instanceof Text) found.push(node)
  return found
}

/** Parts of text nodes between two positions. */
export function partsOf(words: HTMLElement, start: number, end: number): { readonly node: Text; readonly start: number; readonly end: number }[] {
  let before = 0
  return textsOf(words).flatMap((node) => {
    const own = { node, start: Math.max(0, start - before), end: Math.min(node.length, end - before) }
    before += node.length
    return own.start < own.end ? [own] : []
  })
}

/** The text node in which the caret stands before a position, and where in it; null where there are no words. */
export function placeAt(words: HTMLElement, at: number): { readonly node: Text; readonly offset: number } | null {
  let before = 0
  let last: Text | null = null
  for (const node of textsOf(words)) {
    if (at - before < node.length) return { node, offset: Math.max(0, at - before) }
    before += node.length
    last = node
  }
  return last && { node: last, offset: last.length }
}

/** The position in an element's words of a place in one of its text nodes. */
export function offsetOf(words: HTMLElement, place: Text, offset: number): number {
  let before = 0
  for (const node of textsOf(words)) {
    if (node === place) return before + offset
    before += node.length
  }
  return before
}
