// A document as the server reads it: one text, and the place of each of its words on which page.

import type { Size } from './kind'

/** Code points [start, end) of the text, and the upright box on the page. */
export type PageWord = readonly [start: number, end: number, left: number, top: number, right: number, bottom: number]

export interface DocumentPage extends Size {
  readonly words: readonly PageWord[]
}

export interface DocumentLayer {
  readonly text: string
  readonly pages: readonly DocumentPage[]
}

/** Where the words of a document are, by the address of its content. */
export const wordsAddress = (url: string): string => `${url}?of=words`

/** Where the picture of a page is; pages count from 1. */
export const pageAddress = (url: string, page: number, size: 'thumb' | 'screen'): string => `${url}?page=${page}&size=${size}`

/** The layer that the server sent. */
export function layerOf(json: string): DocumentLayer {
  return JSON.parse(json) as DocumentLayer // `model.pages.Layer`, as the server writes it
}
