export { MyPayPage } from './MyPayPage'
export { PayPage } from './PayPage'
