/** The start of the page that shows how the lab is put into other pages. */
import { startPage } from './start.js';
import './tcp-lab.js';
import './elements/lab-embedding.js';

startPage();
