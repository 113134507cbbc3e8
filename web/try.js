/** The page to try a lesson's start. */
import { startPage } from './start.js';
import './elements/lab-try.js';

startPage();
