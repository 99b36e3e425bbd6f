// Signing in again over a page whose session has ended; the page keeps everything.
import { useSyncExternalStore } from 'react'
import { type Me } from '../api'
import { accountMessages, SignInForm } from '../features/account'
import { Dialog } from '../ui'
import { client, expiry, meQuery } from './session'

export function SignInAgain({ me }: { me: Me }) {
  const open = useSyncExternalStore(expiry.listen, expiry.isOpen)
  if (!open) return null
  const done = (now: Me) => {
    // Another person must not go on in this one's page.
    if (now.id !== me.id) return window.location.reload()
    client.setQueryData(meQuery.queryKey, now)
    expiry.close()
  }
  return (
    <Dialog title={accountMessages.again} onClose={() => undefined} locked width={400}>
      <p className="t2">{accountMessages.againText}</p>
      <SignInForm big={false} email={me.email} onDone={done} />
    </Dialog>
  )
}
