// Where a paragraph too long for one block may be cut unseen: at the start of a line as the browser wraps it.
//
// Lines are filled one after another, so what follows a line does not depend on what came before it: a paragraph that is
// cut there and laid out in pieces looks as if it were whole.

import { LONGEST, wholeCharacter, type Cut } from '../../ui/blocks'
import { partsOf } from './places'
import { dress, type Styles } from './styles'

/** Laid out at once to find lines. The last ones of it are not used: the text behind them might move them. */
const STRETCH = 4 * LONGEST

/** Cuts as the lines wrap within `parent`, at its width of now. */
export function wrapping(parent: HTMLElement, styles: Styles): Cut {
  return (text, start, end, direction) => {
    const ruler = document.createElement('p')
    ruler.className = 'text-words text-ruler'
    ruler.dir = direction
    ruler.setAttribute('aria-hidden', 'true')
    parent.append(ruler)
    const cuts: number[] = []
    for (let from = start; end - from > LONGEST; from = cuts.at(-1) ?? end) {
      const to = Math.min(end, wholeCharacter(text, from + STRETCH))
      dress(ruler, text.slice(from, to), styles.of({ start: from, end: to, startsLine: from === start, endsLine: true, direction }))
      const lines = new Lines(ruler)
      const last = to === end ? to - from : STRETCH - LONGEST
      for (let wanted = LONGEST; wanted < last; ) {
        const found = lines.startAt(wanted)
        const before = (cuts.at(-1) ?? start) - from
        const cut = found > Math.max(0, before) ? found : wholeCharacter(text, from + wanted) - from
        cuts.push(from + cut)
        wanted = cut + LONGEST
      }
      if (to === end) break
    }
    ruler.remove()
    return cuts
  }
}

class Lines {
  private readonly range = document.createRange()
  private readonly half: number

  constructor(private readonly ruler: HTMLElement) {
    this.half = Number.parseFloat(getComputedStyle(ruler).lineHeight) / 2
  }

  /** The first position on the line of another one. */
  startAt(position: number): number {
    const top = this.topOf(position)
    let [low, high] = [0, position]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.topOf(middle) > top - this.half) high = middle
      else low = middle + 1
    }
    return low
  }

  private topOf(position: number): number {
    // Half of a character has no place of its own, nor has a mark upon another.
    for (let end = position + 1; end <= position + 8; end += 1) {
      const [part] = partsOf(this.ruler, position, end)
      if (part === undefined) break
      this.range.setStart(part.node, part.start)
      this.range.setEnd(part.node, part.end)
      const rect = this.range.getClientRects()[0]
      if (rect) return rect.top
    }
    return this.ruler.getBoundingClientRect().bottom
  }
}
