// A message as it is read: people in it are chips, without a name where none is told.
import { Fragment } from 'react'
import { piecesOf, type Named } from './mentions'
import { m } from './messages'

export function Said({ text, mentions }: { text: string; mentions: readonly Named[] }) {
  return piecesOf(text, mentions).map((piece, i) => <Fragment key={i}>{'words' in piece ? piece.words : <span className={piece.isMe ? 'mention-chip me' : 'mention-chip'}>@{piece.isMe ? m.you.toLocaleLowerCase() : (piece.person ?? m.someone)}</span>}</Fragment>)
}
