// Files on their way: how much, how fast, how long yet; stopped and gone on with.
import { useCallback, useEffect, useRef, useState } from 'react'
import { upload, type Sending } from '../../api'
import { Button, format, Icon, Notice, Progress, type NamedFile } from '../../ui'
import { m } from './messages'

export function Sender({ begin, files, onSent, onChange }: { begin: () => Promise<{ id: string }>; files: readonly NamedFile[]; onSent: (upload: string) => void; onChange: () => void }) {
  const [now, setNow] = useState<Sending | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [stopped, setStopped] = useState(false)
  const stop = useRef<AbortController | null>(null)
  const id = useRef<string | null>(null)
  const started = useRef(false)
  const sent = useRef(onSent)
  const makeUpload = useRef(begin)
  useEffect(() => {
    sent.current = onSent
  }, [onSent])

  const run = useCallback(async () => {
    const control = new AbortController()
    stop.current = control
    setWrong(null)
    setStopped(false)
    try {
      id.current ??= (await makeUpload.current()).id
      await upload(id.current, files, setNow, control.signal)
      sent.current(id.current)
    } catch (error) {
      setStopped(true)
      if (!control.signal.aborted) setWrong(error instanceof Error ? error.message : String(error))
    }
  }, [files])
  useEffect(() => {
    // Once, also where effects run twice in development: two uploads of the same files would race.
    if (started.current) return
    started.current = true
    void run()
  }, [run])

  const total = files.reduce((sum, f) => sum + f.file.size, 0)
  const done = now?.done ?? 0
  const first = files[0]?.name.split('/')[0] ?? ''
  return (
    <section className="card fbar">
      <Icon name="folder" />
      <div className="grow">
        <div className="row g2" style={{ marginBottom: 6 }}>
          <span className="md tr">{first}</span><span className="t2">{m.files(format.count(files.length), files.length)}, {format.bytes(total)}</span>
          <span className="grow" />
          <span className="t3 f12">{now && now.perSecond > 0 && !stopped ? m.speed(format.bytes(now.perSecond), format.duration(((total - done) / now.perSecond) * 1000)) : ''}</span>
        </div>
        <Progress value={total > 0 ? done / total : null} look={stopped ? 'stopped' : undefined} label={m.sending} />
        {stopped && <div style={{ marginTop: 8 }}><Notice tone={wrong ? 'bad' : 'warn'}>{wrong ?? m.stopped}</Notice></div>}
      </div>
      {stopped ? <Button look="primary" onClick={() => void run()}>{m.resume}</Button> : <Button onClick={() => stop.current?.abort()}>{m.stop}</Button>}
      <Button look="quiet" onClick={() => { stop.current?.abort(); onChange() }}>{m.change}</Button>
    </section>
  )
}
