-- Where Citus is present, the growing tables are spread over its nodes: by id what is looked up by id, by batch what is
-- read by batch. Elsewhere this changes nothing.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        PERFORM create_reference_table('charities');
        PERFORM create_reference_table('lines');
        PERFORM create_distributed_table('events', 'id');
        PERFORM create_distributed_table('receipts', 'id');
        PERFORM create_distributed_table('chunks', 'batch');
        PERFORM create_distributed_table('nodes', 'batch');
    END IF;
END $$;
