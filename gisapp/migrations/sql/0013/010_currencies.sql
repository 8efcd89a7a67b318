-- Currencies of ISO 4217 that are legal tender, and what one unit was worth in đồng from a day on, by a document. Capital of
-- different currencies is added up through these rows or not at all.
CREATE TABLE land.currency (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    decimals smallint NOT NULL DEFAULT 2 CHECK (decimals BETWEEN 0 AND 3)
);
INSERT INTO land.currency (code) SELECT unnest(string_to_array(
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK '
    'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD '
    'KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP '
    'PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH '
    'USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG', ' '));
INSERT INTO land.currency (code, decimals) SELECT unnest(string_to_array(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF', ' ')), 0;
INSERT INTO land.currency (code, decimals) SELECT unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')), 3;
SELECT land.keep('land.currency');
-- NOT VALID: what was written before stands
ALTER TABLE land.project_capital ADD CONSTRAINT project_capital_currency_fkey FOREIGN KEY (currency) REFERENCES land.currency NOT VALID;

CREATE TABLE land.exchange_rate (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency text NOT NULL REFERENCES land.currency CHECK (currency <> 'VND'),
    dong_per_unit numeric NOT NULL CHECK (dong_per_unit > 0 AND dong_per_unit < 1e9 AND dong_per_unit = round(dong_per_unit, 6)),
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL
);
COMMENT ON TABLE land.exchange_rate IS 'valid_from = the day the rate is quoted for; it holds until the next one of its currency.';
SELECT land.keep_clocks('land.exchange_rate', 'currency');
