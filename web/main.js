/** The page's start. */
import { startPage } from './start.js';
import './elements/tcp-lab.js';

startPage();
