// Whether the work is on the server: a dot and a word, quiet while all is well.

import type { ReactNode } from 'react'
import type { SaveKind } from '../../engine/session'
import { Icon } from '../../ui/Icon'
import { useScreen } from './context'
import { m } from './messages'

export function SaveDot(): ReactNode {
  const { session } = useScreen()
  const { kind: shown, count } = session.save
  if (session.phase === 'loading' && shown === 'saved') return null
  return (
    <span className="row save" role="status" aria-live={shown === 'saved' || shown === 'saving' ? 'off' : 'polite'} title={TITLES[shown]}>
      {shown === 'two_versions' ? <span className="bad"><Icon name="alert" small /></span> : <span className={`dot ${DOTS[shown]}`} />}
      <span className={WORDS[shown].look}>{WORDS[shown].text}</span>
      {shown === 'two_versions' && <span className="t2">{m.bothKept}</span>}
      {shown !== 'two_versions' && shown !== 'saved' && shown !== 'saving' && count > 0 && <span className="t2">{m.kept(count)}</span>}
    </span>
  )
}

const DOTS: Readonly<Record<SaveKind, string>> = { saved: '', saving: 'saving', offline: 'offline', signed_out: 'offline', two_versions: '', refused: 'offline' }
const TITLES: Readonly<Partial<Record<SaveKind, string>>> = { saved: m.savedTitle, saving: m.savingTitle, refused: m.notSavedTitle }
const WORDS: Readonly<Record<SaveKind, { readonly text: string; readonly look: string }>> = {
  saved: { text: m.saved, look: 't2' },
  saving: { text: m.saving, look: 't2' },
  offline: { text: m.offline, look: 'warn md' },
  signed_out: { text: m.signedOut, look: 'warn md' },
  two_versions: { text: m.twoVersions, look: 'bad md' },
  refused: { text: m.notSaved, look: 'warn md' },
}
