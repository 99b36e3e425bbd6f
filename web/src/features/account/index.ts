// What the shell takes from this feature.
export { LinkPage } from './LinkPage'
export { ProfilePage, type ProfileTab } from './ProfilePage'
export { Gate, SignInForm, SignInPage } from './SignIn'
export { m as accountMessages } from './messages'
