// Names in messages: what is being typed after an @, whom it fits, and how a message is sent and read.

export interface Named {
  readonly id: string
  readonly name: string
}

/** A name that is being typed: where its @ stands, and what stands behind it. */
export interface Typed {
  readonly from: number
  readonly word: string
}

const TYPED = /(?:^|[\s(])@([^@\n]{0,40})$/
const TOKEN = /@\{([0-9a-f-]{36}|me|someone)\}/

/** The name that is typed right before the caret, if one is. */
export function typedAt(text: string, caret: number): Typed | null {
  const found = TYPED.exec(text.slice(0, caret))
  return found === null ? null : { from: caret - (found[1] ?? '').length - 1, word: found[1] ?? '' }
}

const MOST = 8

/** The people one of whose names begins as typed, the whole name first. */
export function fitting<P extends Named>(people: readonly P[], word: string): P[] {
  const typed = word.toLocaleLowerCase()
  const begins = (name: string) => name.toLocaleLowerCase().startsWith(typed)
  const later = (name: string) => name.toLocaleLowerCase().split(/[\s-]+/).slice(1).some((part) => part.startsWith(typed))
  return [...people.filter((one) => begins(one.name)), ...people.filter((one) => !begins(one.name) && later(one.name))].slice(0, MOST)
}

/** The text with a person in the place of what was typed, and where the caret stands then. */
export function withName(text: string, typed: Typed, caret: number, person: Named): { text: string; caret: number } {
  const name = `@${person.name} `
  return { text: text.slice(0, typed.from) + name + text.slice(caret).replace(/^ /, ''), caret: typed.from + name.length }
}

/** Those of the chosen people whose names still stand in the text. */
export const standing = <P extends Named>(text: string, chosen: readonly P[]): P[] => chosen.filter((one) => text.includes(`@${one.name}`))

/** The text without a person's name. */
export const withoutName = (text: string, person: Named): string => text.replaceAll(`@${person.name}`, '').replaceAll(/ {2,}/g, ' ').trimStart()

/** What is sent: ids in the place of names, and whose they are. Of two people with one name the one chosen first is meant. */
export function sent(text: string, chosen: readonly Named[]): { text: string; mentions: string[] } {
  const named = standing(text, chosen).toSorted((a, b) => b.name.length - a.name.length)
  const said = named.reduce((all, one) => all.replaceAll(`@${one.name}`, `@{${one.id}}`), text.trim())
  return { text: said, mentions: named.filter((one) => said.includes(`@{${one.id}}`)).map((one) => one.id) }
}

export type Piece = { readonly words: string } | { readonly person: string | null; readonly isMe: boolean }

/** A message in pieces: words, and people; one whose name is not told has none. */
export function piecesOf(text: string, mentions: readonly Named[]): Piece[] {
  return text.split(new RegExp(TOKEN, 'g')).flatMap((part, i): Piece[] => {
    if (i % 2 === 0) return part === '' ? [] : [{ words: part }]
    return [{ person: mentions.find((one) => one.id === part)?.name ?? null, isMe: part === 'me' }]
  })
}

/** A message as plain words, for a name of what it stands in; `other` is said for whoever has no name here. */
export const plainOf = (text: string, mentions: readonly Named[], other: string): string =>
  piecesOf(text, mentions).map((piece) => ('words' in piece ? piece.words : `@${piece.person ?? other}`)).join('')

/** The words of a message without whom it names, for what everybody reads. */
export const withoutTokens = (text: string): string => text.replaceAll(new RegExp(TOKEN, 'g'), '').replaceAll(/[ \t]{2,}/g, ' ').trim()
