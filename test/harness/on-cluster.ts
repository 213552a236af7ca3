/** Specs that start an ApiServer get the processes of docker-compose.yml instead of one. */
process.env['E2E_TARGET'] = 'cluster';
