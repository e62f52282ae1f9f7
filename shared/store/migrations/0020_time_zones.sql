-- The IANA time zone of who speaks in a turn: by it "tomorrow" is reckoned. Null: that of the settings.
alter table turns add column time_zone text;
