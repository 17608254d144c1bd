-- Keys with which this database's answers are signed, shared by every process that serves from it.
create table signing_key (
  name text primary key,
  value bytea not null
);
insert into signing_key (name, value)
values ('continuation-token', uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
