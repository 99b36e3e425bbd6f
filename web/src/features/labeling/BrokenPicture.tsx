// A picture that cannot be shown: what happened, what now, and what whoever keeps the files needs to know.

import { type ReactNode, useEffect, useState } from 'react'
import type { PictureError } from '../../surfaces/canvas/images'
import { Icon } from '../../ui/Icon'
import { Button, copyText } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'

const AGAIN_MS = 5_000

/** A picture that has not arrived is asked for again; one that cannot be read is skipped. */
export function BrokenPicture(given: { error: PictureError; url: string; onAgain: () => void }): ReactNode {
  return given.error.isAway ? <AwayPicture {...given} /> : <UnreadablePicture {...given} />
}

function AwayPicture({ error, onAgain }: { error: PictureError; onAgain: () => void }): ReactNode {
  const screen = useScreen()
  useEffect(() => {
    screen.setBroken(error.message, { canSkip: false })
    const timer = setInterval(onAgain, AGAIN_MS)
    window.addEventListener('online', onAgain)
    return () => {
      screen.setBroken(null)
      clearInterval(timer)
      window.removeEventListener('online', onAgain)
    }
  }, [screen, error, onAgain])
  return (
    <div className="plate broken" role="alert" tabIndex={0}>
      <span className="warn"><Icon name="wifi" /></span>
      <h2>{m.awayTitle}</h2>
      <p className="t2">{m.awayText}</p>
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="refresh" onClick={onAgain}>{m.tryAgain}</Button>
      </div>
    </div>
  )
}

function UnreadablePicture({ error, url, onAgain }: { error: PictureError; url: string; onAgain: () => void }): ReactNode {
  const screen = useScreen()
  useEffect(() => {
    screen.setBroken(error.message, { canSkip: true })
    return () => screen.setBroken(null)
  }, [screen, error])
  const [copied, setCopied] = useState(false)
  const facts = [
    [m.cause, error.message],
    [m.address, url],
    ...(error.trace ? [[m.trace, error.trace]] : []),
  ] as const
  const copy = async (): Promise<void> => {
    await copyText(facts.map(([name, value]) => `${name}: ${value}`).join('\n'))
    setCopied(true)
  }
  return (
    <div className="plate broken" role="alert" tabIndex={0}>
      <span className="bad"><Icon name="alert" /></span>
      <h2>{m.brokenTitle[error.status] ?? m.brokenOther}</h2>
      <p className="t2">{m.brokenText(error.message)}</p>
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="skip" keys="Space" onClick={() => screen.submit()}>{m.skipBroken}</Button>
        <Button size="big" icon="refresh" onClick={onAgain}>{m.tryAgain}</Button>
      </div>
      <div className="facts-card">
        <div className="row g2">
          <span className="md grow">{m.details}</span>
          <Button look="quiet" size="small" icon="copy" onClick={() => void copy()}>{copied ? m.copied : m.copy}</Button>
        </div>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={name === m.cause ? '' : 'mono'}>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}
