// What a menu lists.
import type { ReactNode } from 'react'
import type { IconName } from './Icon'

export type MenuEntry =
  | { title: string; icon?: IconName; note?: ReactNode; danger?: boolean; disabled?: boolean; on?: boolean; run: () => void }
  | { label: string }
  | 'line'
