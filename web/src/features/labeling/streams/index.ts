// How each kind of stream is shown: one file a kind, fetched when a project has such a stream, and one line in the list.

import { type ComponentType, lazy } from 'react'
import type { StreamProps } from './props'

type Loaded = Promise<{ readonly default: ComponentType<StreamProps> }>

const LOADERS: Readonly<Record<string, () => Loaded>> = {
  candidates: () => import('./candidates'),
  dialogue: () => import('./dialogue'),
  document: () => import('./document'),
  image: () => import('./image'),
  table: () => import('./table'),
  text: () => import('./text'),
  trace: () => import('./trace'),
  tree: () => import('./tree'),
}

const SHOWN = new Map(Object.entries(LOADERS).map(([kind, load]) => [kind, lazy(load)]))

/** The component that shows streams of a kind. */
export function shownAs(kind: string): ComponentType<StreamProps> {
  const shown = SHOWN.get(kind)
  if (shown === undefined) throw new Error(`streams of kind ${kind} cannot be shown`)
  return shown
}

/** Fetches what shows a kind, before the first item is there. */
export function fetchShown(kind: string): void {
  void LOADERS[kind]?.()
}
