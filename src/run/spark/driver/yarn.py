"""What YARN has of a run before its session is there: Spark waits for its turn in a call that does not come back."""

import os


def withdraw():
    """Kills what the run has submitted to YARN; gives whether Spark has begun, so that there may be something."""
    from pyspark import SparkContext

    tag = os.environ.get("NATIVE_UDF_YARN_TAG")
    jvm = SparkContext._jvm
    if tag is None or jvm is None:
        return False
    hadoop = jvm.org.apache.hadoop.yarn.api.protocolrecords
    spark = jvm.org.apache.spark
    client = jvm.org.apache.hadoop.yarn.client.api.YarnClient.createYarnClient()
    client.init(spark.deploy.SparkHadoopUtil.get().newConfiguration(spark.SparkConf()))
    client.start()
    try:
        tags = jvm.java.util.HashSet()
        tags.add(tag)
        wanted = hadoop.GetApplicationsRequest.newInstance()
        wanted.setApplicationTags(tags)
        for application in client.getApplications(wanted):
            client.killApplication(application.getApplicationId())
    finally:
        client.stop()
    return True
