-- First rows of the deadline table: written down from memory and not yet compared with the texts, so every row says so.
INSERT INTO land.plan_deadline (step, level, valid_from, valid_to, least_days, most_days, waits_for_vi, waits_for_en,
                                clause_vi, clause_en, source, verification)
SELECT row.step, row.level, regime.since, regime.until, row.least, row.most, row.vi, row.en,
       row.clause_vi || regime.vi, row.clause_en || regime.en,
       'Ghi theo trí nhớ, chưa đối chiếu văn bản · from memory, not compared with the text', 'unverified'
FROM (VALUES
    ('proposed', NULL, NULL, NULL, 'Ban Quản lý, UBND tỉnh', 'Board, provincial PC', 'Xin chủ trương lập quy hoạch', 'Leave to plan'),
    ('task', NULL, NULL, 90, 'Cơ quan thẩm định nhiệm vụ', 'Appraiser of the task', 'Lập, thẩm định, phê duyệt nhiệm vụ quy hoạch', 'Planning task drawn up and approved'),
    ('drafting', 'general', NULL, 365, 'Tư vấn lập quy hoạch', 'Planning consultant', 'Thời gian lập đồ án quy hoạch chung', 'Time to draw up a general plan'),
    ('drafting', 'subdivision', NULL, 270, 'Tư vấn lập quy hoạch', 'Planning consultant', 'Thời gian lập đồ án quy hoạch phân khu', 'Time to draw up a subdivision plan'),
    ('drafting', 'detailed', NULL, 180, 'Tư vấn lập quy hoạch', 'Planning consultant', 'Thời gian lập đồ án quy hoạch chi tiết', 'Time to draw up a detailed plan'),
    ('consultation', NULL, 40, 60, 'Cơ quan, cộng đồng dân cư', 'Agencies and community', 'Lấy ý kiến cơ quan và cộng đồng dân cư', 'Consultation of agencies and community'),
    ('appraisal', NULL, NULL, 30, 'Cơ quan thẩm định, người phê duyệt', 'Appraiser, approving authority', 'Thẩm định đồ án', 'Appraisal of the plan'),
    ('approved', NULL, NULL, 15, 'Ban Quản lý, UBND cấp xã', 'Board, commune PC', 'Công bố quy hoạch sau phê duyệt', 'Publication after approval')
) AS row (step, level, least, most, vi, en, clause_vi, clause_en),
(VALUES ('1945-09-02'::date, '2025-07-01'::date, ' (Luật Xây dựng 2014, NĐ 44/2015)', ' (Construction Law 2014, Decree 44/2015)'),
        ('2025-07-01', NULL, ' (Luật 47/2024/QH15, NĐ 178/2025)', ' (Law 47/2024, Decree 178/2025)')) AS regime (since, until, vi, en);
