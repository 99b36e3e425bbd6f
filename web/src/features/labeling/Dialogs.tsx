// The dialog that is open, if one is.

import type { ReactNode } from 'react'
import { useScreen } from './context'
import { AskDialog, HandOver } from './beside'
import { KeySheet } from './KeySheet'
import { LabelMenu } from './LabelMenu'
import { Palette } from './Palette'
import { Recent } from './Recent'
import { SkipDialog } from './SkipDialog'

export function Dialogs(): ReactNode {
  const { dialog } = useScreen()
  if (dialog === 'palette') return <Palette />
  if (dialog === 'keys') return <KeySheet />
  if (dialog === 'skip') return <SkipDialog />
  if (dialog === 'recent') return <Recent />
  if (dialog === 'ask') return <AskDialog />
  if (dialog === 'hand') return <HandOver />
  if (dialog === 'labels') return <LabelMenu />
  return null
}
