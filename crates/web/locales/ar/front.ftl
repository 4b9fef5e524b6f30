# draft
# The front page: numbers, timeline, map, table, how we know, verify this yourself.

front-title = الهجمات على الرعاية الصحية
front-lead = { $count ->
    [zero] لا حوادث كما نشرت { $publisher }، في سجل لا يمكن تغييره دون أثر.
    [one] حادث واحد كما نشرته { $publisher }، محفوظ في سجل لا يمكن تغييره دون أثر.
    [two] حادثان كما نشرتهما { $publisher }، محفوظان في سجل لا يمكن تغييره دون أثر.
    [few] { $count } حوادث كما نشرتها { $publisher }، محفوظة في سجل لا يمكن تغييره دون أثر.
    [many] { $count } حادثًا كما نشرتها { $publisher }، محفوظة في سجل لا يمكن تغييره دون أثر.
   *[other] { $count } حادث كما نشرتها { $publisher }، محفوظة في سجل لا يمكن تغييره دون أثر.
}
front-covers = من { $first } إلى { $last }
front-empty-title = لم يُسجَّل شيء بعد
front-empty-text = عندما يستورد مشغّل هذه العقدة ملفًا، تظهر أرقامه هنا.

figures-title = بالأرقام
figure-incidents = عدد الحوادث
figure-killed = عدد القتلى
figure-injured = عدد الجرحى
figure-countries = عدد البلدان والأقاليم
figure-changes = قيم تغيّرت بعد نشرها
figure-late = حوادث أُضيفت متأخرة
figure-not_listed = حوادث ليست في أحدث ملف

timeline-title = متى
timeline-finding = أكبر عدد من الحوادث في شهر واحد: { $peak }، في { $month }.
timeline-finding-year = أكبر عدد من الحوادث في سنة واحدة: { $peak }، في { $year }.
timeline-description = عمود لكل فترة من { $first } إلى { $last }، وارتفاعه عدد الحوادث.
timeline-axis-month = عدد الحوادث في الشهر
timeline-axis-year = عدد الحوادث في السنة
timeline-column-period = الفترة
timeline-table = الحوادث حسب الفترة

map-title = أين
map-description = خريطة لليابسة في العالم، وعليها دائرة لكل بلد أو إقليم، وعددها { $count }.
map-finding = أكبر عدد من الحوادث في بلد أو إقليم واحد: { $peak }، في { $country }.
map-undrawn = { $count ->
    [zero] كل الحوادث مرسومة على الخريطة.
    [one] حادث واحد لا يحمل رمز بلد يمكن رسمه؛ وهو في الجدول.
    [two] حادثان لا يحملان رمز بلد يمكن رسمه؛ وهما في الجدول.
    [few] { $count } حوادث لا تحمل رمز بلد يمكن رسمه؛ وهي في الجدول.
    [many] { $count } حادثًا لا تحمل رمز بلد يمكن رسمه؛ وهي في الجدول.
   *[other] { $count } حادث لا تحمل رمز بلد يمكن رسمه؛ وهي في الجدول.
}

countries-title = حسب البلد أو الإقليم
countries-table = الحوادث حسب البلد أو الإقليم، الأكثر أولًا
countries-column-country = البلد أو الإقليم
countries-column-incidents = الحوادث
countries-column-killed = القتلى
countries-column-injured = الجرحى
countries-caution = يختلف الإبلاغ بين البلدان والسنوات. فالعدد القليل لا يعني أن الرعاية الصحية آمنة هناك، ولا يصح جمع أعداد جهات ناشرة مختلفة.
certainty-title = حسب درجة اليقين
certainty-table = الحوادث حسب درجة اليقين
certainty-column-means = ما تعنيه الجهة الناشرة بها

how-title = كيف نعرف
how-published = كل صف مأخوذ من ملف نشرته { $publisher }. قرأت هذه العقدة الملف، ووقّعت على ما يقوله كل صف، وذكرت الجهة الناشرة مصدرًا له.
how-logged = لكل إفادة موقَّعة مكان ثابت في سجل عام. وكل تغيير لاحق إفادة جديدة؛ أما القديمة فتبقى.
how-certainty = تمنح الجهة الناشرة كل حادث درجة من اليقين. وتعني الدرجة أن هجومًا وقع، لا أن كل تفصيل صحيح.
how-limits = تُغفل الجهة الناشرة ما قد يعرّض الناس للخطر: الأسماء والأماكن الدقيقة والمصادر. ولا يُسجَّل من نفّذ الهجوم.

verify-title = تحقق بنفسك
verify-lead = لا حاجة إلى أن تثق بهذا الموقع. خذ معك إثبات حادث واحد وتحقق منه على حاسوبك، دون اتصال بالشبكة.
