// Markdown as a tree that is drawn element by element: what is not known stays text, so no markup of a text ever runs.

export type Inline =
  | string
  | { readonly type: 'code'; readonly text: string }
  /** `display` stands on lines of its own. */
  | { readonly type: 'math'; readonly text: string; readonly display: boolean }
  | { readonly type: 'strong' | 'em' | 'del'; readonly inside: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly inside: readonly Inline[] }
  | { readonly type: 'break' }

export type Block =
  | { readonly type: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly type: 'heading'; readonly level: number; readonly inside: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string; readonly language: string }
  | { readonly type: 'math'; readonly text: string }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly type: 'table'; readonly head: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly type: 'rule' }

/** Quotes and lists within one another; deeper ones are paragraphs. */
const DEEPEST = 12
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])(?:\s+(.*))?$/
const QUOTE = /^ {0,3}> ?(.*)$/
const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/

/** The blocks of a text: CommonMark as chats write it, with tables, fenced code and formulas. */
export function blocksOf(text: string, depth = 0): Block[] {
  const lines = text.split(/\r\n|\r|\n/)
  const blocks: Block[] = []
  let at = 0
  let words: string[] = []
  const flush = (): void => {
    if (words.length > 0) blocks.push({ type: 'paragraph', inside: inlinesOf(words.map((l) => l.trimStart()).join('\n').trimEnd()) })
    words = []
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)
    const heading = HEADING.exec(line)
    if (line.trim() === '') {
      flush()
      at += 1
    } else if (fence) {
      flush()
      const end = closing(lines, at + 1, (l) => l.trim().startsWith(fence[1] ?? '') && /^[`~]+$/.test(l.trim()))
      const indent = line.length - line.trimStart().length
      blocks.push({ type: 'code', language: fence[2] ?? '', text: lines.slice(at + 1, end).map((l) => l.slice(Math.min(indent, l.length - l.trimStart().length))).join('\n') })
      at = end + 1
    } else if (/^\s*(\$\$|\\\[)\s*$/.test(line)) {
      flush()
      const mark = line.trim() === '$$' ? '$$' : '\\]'
      const end = closing(lines, at + 1, (l) => l.trim() === mark)
      blocks.push({ type: 'math', text: lines.slice(at + 1, end).join('\n') })
      at = end + 1
    } else if (heading) {
      flush()
      blocks.push({ type: 'heading', level: (heading[1] ?? '#').length, inside: inlinesOf(heading[2] ?? '') })
      at += 1
    } else if (RULE.test(line)) {
      flush()
      blocks.push({ type: 'rule' })
      at += 1
    } else if (depth < DEEPEST && QUOTE.test(line)) {
      flush()
      const end = closing(lines, at, (l) => !QUOTE.test(l))
      blocks.push({ type: 'quote', blocks: blocksOf(lines.slice(at, end).map((l) => QUOTE.exec(l)?.[1] ?? '').join('\n'), depth + 1) })
      at = end
    } else if (depth < DEEPEST && isItem(line, words)) {
      flush()
      const [list, end] = listAt(lines, at, depth)
      blocks.push(list)
      at = end
    } else if (line.includes('|') && DELIMITER.test(lines[at + 1] ?? '') && (lines[at + 1] ?? '').includes('-') && cellsOf(line).length === cellsOf(lines[at + 1] ?? '').length) {
      flush()
      const end = closing(lines, at + 2, (l) => !l.includes('|'))
      blocks.push({ type: 'table', head: cellsOf(line).map((c) => inlinesOf(c)), rows: lines.slice(at + 2, end).map((l) => cellsOf(l).map((c) => inlinesOf(c))) })
      at = end
    } else {
      words.push(line)
      at += 1
    }
  }
  flush()
  return blocks
}

/** Amid a paragraph only a list that begins with 1, or a bullet, is one: years and sums are no lists. */
function isItem(line: string, words: readonly string[]): boolean {
  const item = ITEM.exec(line)
  return item !== null && (words.length === 0 || (item[4] !== undefined && (item[2] !== undefined || item[3] === '1')))
}

function listAt(lines: readonly string[], from: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[from] ?? '')
  const indent = (first?.[1] ?? '').length
  const ordered = first?.[3] !== undefined
  const items: string[][] = []
  let at = from
  let inside = indent
  let fenced = false
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const item = fenced ? null : ITEM.exec(line)
    const lead = line.length - line.trimStart().length
    if (item && lead <= indent + 1 && lead < inside + (items.length === 0 ? 1 : 0) && lead >= indent - 1) {
      if ((item[3] !== undefined) !== ordered || RULE.test(line)) break
      items.push([item[4] ?? ''])
      inside = lead + (item[0].length - lead - (item[4] ?? '').length)
      if (FENCE.test(item[4] ?? '')) fenced = true
      continue
    }
    const next = lines.slice(at, at + 2).find((l) => l.trim() !== '')
    const goesOn = line.trim() === '' ? next !== undefined && next.length - next.trimStart().length > indent || (next !== undefined && ITEM.test(next) && (ITEM.exec(next)?.[3] !== undefined) === ordered) : lead > indent || fenced || ((lines[at - 1] ?? '').trim() !== '' && !HEADING.test(line) && !QUOTE.test(line) && !FENCE.test(line) && !ITEM.test(line))
    if (!goesOn) break
    const own = line.slice(Math.min(lead, inside))
    if (FENCE.test(own)) fenced = !fenced
    items.at(-1)?.push(own)
  }
  return [{ type: 'list', start: ordered ? Number(first?.[3]) : null, items: items.map((own) => blocksOf(own.join('\n'), depth + 1)) }, at]
}

function closing(lines: readonly string[], from: number, is: (line: string) => boolean): number {
  for (let at = from; at < lines.length; at += 1) if (is(lines[at] ?? '')) return at
  return lines.length
}

function cellsOf(line: string): string[] {
  return line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

const SAFE = /^(?:https?:\/\/|mailto:)/i
const PUNCTUATION = /[!-/:-@[-`{-~]/
const BARE = /^https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}*_]/i
const MATH: readonly (readonly [begin: string, end: string, display: boolean])[] = [['$$', '$$', true], ['\\(', '\\)', false], ['\\[', '\\]', true]]
/** Longer than this, what stands between two dollars is no formula within a line. */
const LONGEST_INLINE = 600

/** The parts of a paragraph. */
export function inlinesOf(text: string, depth = 0): Inline[] {
  const found: Inline[] = []
  /** Delimiters that nothing closes any more from here on. */
  const open = new Set<string>()
  let plain = ''
  let at = 0
  const push = (part: Inline, to: number): void => {
    if (plain !== '') found.push(plain)
    plain = ''
    found.push(part)
    at = to
  }
  const until = (mark: string, from: number): number => {
    if (open.has(mark)) return -1
    const end = text.indexOf(mark, from)
    if (end < 0) open.add(mark)
    return end
  }
  while (at < text.length) {
    const char = text[at] ?? ''
    const math = MATH.find(([start]) => text.startsWith(start, at))
    if (math) {
      const end = until(math[1], at + 2)
      if (end > at + 2) {
        push({ type: 'math', text: text.slice(at + 2, end), display: math[2] }, end + 2)
        continue
      }
    }
    if (char === '$' && !math) {
      const end = dollarEnd(text, at)
      if (end > 0) {
        push({ type: 'math', text: text.slice(at + 1, end), display: false }, end + 1)
        continue
      }
    }
    if (char === '\\' && PUNCTUATION.test(text[at + 1] ?? '')) {
      plain += text[at + 1]
      at += 2
    } else if (char === '\n') {
      push({ type: 'break' }, at + 1)
    } else if (char === '`') {
      const run = /^`+/.exec(text.slice(at, at + 20))?.[0] ?? '`'
      const end = until(run, at + run.length)
      if (end < 0) {
        plain += run
        at += run.length
      } else push({ type: 'code', text: text.slice(at + run.length, end).replace(/^ (.*) $/s, '$1') }, end + run.length)
    } else if (depth < DEEPEST && (char === '[' || (char === '!' && text[at + 1] === '['))) {
      const link = linkAt(text, char === '!' ? at + 1 : at)
      if (link === null) {
        plain += char
        at += 1
      } else push({ type: 'link', href: link.href, inside: inlinesOf(link.words || link.href, depth + 1) }, link.end)
    } else if ((char === 'h' || char === 'H') && !/\w/.test(text[at - 1] ?? '') && BARE.test(text.slice(at, at + 2000))) {
      const href = BARE.exec(text.slice(at, at + 2000))?.[0] ?? ''
      push({ type: 'link', href, inside: [href] }, at + href.length)
    } else if (depth < DEEPEST && (char === '*' || char === '_' || (char === '~' && text[at + 1] === '~'))) {
      const run = text[at + 1] === char ? char + char : char
      const end = emphasisEnd(text, at, run, open)
      if (end < 0) {
        plain += run
        at += run.length
      } else push({ type: char === '~' ? 'del' : run.length === 2 ? 'strong' : 'em', inside: inlinesOf(text.slice(at + run.length, end), depth + 1) }, end + run.length)
    } else {
      plain += char
      at += 1
    }
  }
  if (plain !== '') found.push(plain)
  return found
}

/**
 * Where a formula between single dollars ends that begins here; -1 where it is none. As Pandoc has it: no space inside of
 * either dollar and no digit behind the second; and what reads as prices and words between them is none.
 */
function dollarEnd(text: string, at: number): number {
  if (/[\w$\\]/.test(text[at - 1] ?? '') || /[\s$]/.test(text[at + 1] ?? ' ')) return -1
  const found = /^(?:\\[^\n]|[^$\\\n]|\n(?!\n))+(?=\$)/.exec(text.slice(at + 1, at + 1 + LONGEST_INLINE))?.[0]
  if (found === undefined || /\s$/.test(found) || /[\d$]/.test(text[at + 2 + found.length] ?? '')) return -1
  const isPrice = /^\d/.test(found) && !/[\\^_={}<>+*/]/.test(found) && /[\s,;–-]/.test(found)
  return isPrice ? -1 : at + 1 + found.length
}

/** Where a run of stars or underscores that begins here ends; -1 where it is none. */
function emphasisEnd(text: string, at: number, run: string, open: Set<string>): number {
  const [before, after] = [text[at - 1] ?? ' ', text[at + run.length] ?? ' ']
  if (/\s/.test(after) || open.has(run) || (run.startsWith('_') && /\w/.test(before))) return -1
  for (let end = text.indexOf(run, at + run.length + 1); end >= 0; end = text.indexOf(run, end + 1)) {
    if (/\s/.test(text[end - 1] ?? ' ')) continue
    if (run.startsWith('_') && /\w/.test(text[end + run.length] ?? ' ')) continue
    // A single one does not end at one half of a double, and a double one takes the last of three.
    if (run.length === 1 && text[end + 1] === run) {
      end += 1
      continue
    }
    while (run.length === 2 && text[end + 2] === run[0]) end += 1
    return end
  }
  open.add(run)
  return -1
}

/** `[words](address)` here; null where there is none, or its address is of another kind. */
function linkAt(text: string, at: number): { readonly words: string; readonly href: string; readonly end: number } | null {
  const close = text.indexOf('](', at)
  if (close < 0 || close - at > 2000 || text.slice(at + 1, close).includes('\n\n')) return null
  const rest = /^\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\s*\)/.exec(text.slice(close + 1, close + 3000))
  if (!rest || !SAFE.test(rest[1] ?? '')) return null
  return { words: text.slice(at + 1, close), href: rest[1] ?? '', end: close + 1 + rest[0].length }
}
