import './first-page/first-page.js';
