// The contract between the labeling screen and a panel that a project brings itself, version 1.
//
// A panel is one JavaScript module. It finds `karat` as a global and calls `karat.start` once. Everything that it says is
// checked by the screen, and answers once more by the server, as any other answer is.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** How the screen around the panel looks, and whether anything may be answered. */
export interface Look {
  readonly theme: 'light' | 'dark'
  /** A language tag, such as "en". */
  readonly locale: string
  readonly readonly: boolean
}

/** A stream that the schema shows to the panel. */
export interface Content {
  readonly kind: string
  /** Of texts; conversations and candidates come as the JSON that they are. */
  readonly text?: string
  /** Of pictures. */
  readonly blob?: Blob
  /** What is known of it, such as width and height. */
  readonly facts: { readonly [name: string]: Json }
}

/** A field that the schema lets the panel answer. */
export interface AskedField {
  readonly kind: string
  readonly title: string
  readonly definition: string
  readonly required: boolean
  /** What the schema says of a field of this kind, such as `options` or `max_length`. */
  readonly options: { readonly [name: string]: Json }
}

/** Answers by field; null where there is none. */
export type Answers = { readonly [field: string]: Json }

/** The item: once, after `start`. The next item is a new document with a new panel in it. */
export interface Show {
  readonly karat: 1
  readonly type: 'show'
  /** The panel's key in the schema. */
  readonly panel: string
  readonly streams: { readonly [name: string]: Content }
  readonly fields: { readonly [field: string]: AskedField }
  readonly answers: Answers
  readonly look: Look
}

/** Answers changed, by this panel, by another control, or by undo. */
export interface Answered {
  readonly karat: 1
  readonly type: 'answers'
  readonly answers: Answers
}

/** The theme changed, or the answer became final. */
export interface Looked {
  readonly karat: 1
  readonly type: 'look'
  readonly look: Look
}

/** What the panel said last of a field was not taken. */
export interface Refusal {
  readonly karat: 1
  readonly type: 'refused'
  readonly field: string
  readonly problems: readonly { readonly path: string; readonly expected: string; readonly do: string }[]
}

export type FromHost = Show | Answered | Looked | Refusal

/** What a panel says; `karat` says it for the module. */
export type FromPanel =
  | { readonly karat: 1; readonly type: 'set'; readonly field: string; readonly value: Json }
  | { readonly karat: 1; readonly type: 'remove'; readonly field: string }
  /** CSS pixels, 60 to 1200; said by itself as the document grows. */
  | { readonly karat: 1; readonly type: 'height'; readonly height: number }
  /** Shown to the person under the panel's name. */
  | { readonly karat: 1; readonly type: 'problem'; readonly text: string }
  /** A key that the panel has no use for; said by itself. */
  | { readonly karat: 1; readonly type: 'key'; readonly key: string; readonly code: string; readonly ctrlKey: boolean; readonly altKey: boolean; readonly shiftKey: boolean; readonly metaKey: boolean }

export interface Handlers {
  show(said: Show): void
  answers?(said: Answered): void
  look?(said: Looked): void
  refused?(said: Refusal): void
}

export interface Karat {
  readonly version: 1
  start(handlers: Handlers): void
  set(field: string, value: Json): void
  remove(field: string): void
  height(pixels: number): void
  problem(text: string): void
}

declare global {
  const karat: Karat
}
