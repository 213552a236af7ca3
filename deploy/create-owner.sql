-- Run once, by the image of PostgreSQL on an empty volume. The owner of the tables is no superuser; only the migrations log in as it.
\set password `cat /run/secrets/owner_password`
create role hotline_owner login createrole password :'password';
create database hotline owner hotline_owner;
