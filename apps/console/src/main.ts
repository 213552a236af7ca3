import './page/hotline-console.js';
