// The open review as React components reach it.

import { createContext, useContext } from 'react'
import { useScreen } from '../context'
import type { Judging } from './judging'

export const JudgingContext = createContext<Judging | null>(null)

/** The review; whoever calls this is drawn again when it or the screen changes. */
export function useJudging(): Judging {
  useScreen()
  const judging = useContext(JudgingContext)
  if (judging === null) throw new Error('A part of the review screen stands outside of it.')
  return judging
}
