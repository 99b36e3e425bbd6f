// What the product shows beside an item that is labeled, and asks of it: the guideline, precedents, questions.

import { type ComponentType, type ReactNode, Suspense } from 'react'
import type { Id } from '../../engine/types'
import { useScreen } from './context'
import type { Screen } from './screen'

/** What is at hand: the item, and the field and label that are selected or drawn next. */
export interface At {
  readonly project: Id
  readonly item: Id
  readonly field: string | null
  readonly label: string | null
  readonly annotation: Id | null
}

export interface Beside {
  readonly Panel: ComponentType<{ at: At }>
  readonly Ask: ComponentType<{ at: At; onClose: () => void }>
}

export function atOf(screen: Screen): At | null {
  const { single, work } = screen
  const { label: current } = screen.view.state
  if (work === null) return null
  const isWhole = single !== null && single.annotation.id === single.field.key
  return {
    project: screen.options.projectId,
    item: work.task.item.id,
    field: single?.field.key ?? current?.field ?? null,
    label: single?.annotation.label ?? current?.label ?? null,
    annotation: single === null || isWhole ? null : single.annotation.id,
  }
}

export function BesidePanel(): ReactNode {
  const screen = useScreen()
  const at = atOf(screen)
  const { beside } = screen.options
  return at && beside ? <Suspense><beside.Panel at={at} /></Suspense> : null
}

export function AskDialog(): ReactNode {
  const screen = useScreen()
  const at = atOf(screen)
  const { beside } = screen.options
  return at && beside ? <Suspense><beside.Ask at={at} onClose={() => screen.open(null)} /></Suspense> : null
}
